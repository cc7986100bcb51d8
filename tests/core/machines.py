"""Run a Hypothesis state machine over a desk, on whichever database."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from tests.conftest import EVERYTHING


def play(machine: Callable[[], RuleBasedStateMachine], *, examples: int = 12, steps: int = 25) -> None:
    """Play so many games of so many steps, all different, and a quarter in the quick edition; shrink what fails."""
    if not EVERYTHING:
        examples = max(examples // 4, 2)
    run_state_machine_as_test(
        machine,  # type: ignore[arg-type] # any factory will do (hypothesis.readthedocs.io, stateful)
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
        ),
    )
