"""Tests of core/inbox."""
