"""Tests of core/outbox."""
