"""Tests of core/customers."""
