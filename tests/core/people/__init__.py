"""Tests of core/people."""
