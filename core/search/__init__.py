"""Words of cases, kept so that both databases find the same: see decision 030."""
