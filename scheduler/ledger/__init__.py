"""The ledger: what was promised and done. The only place that speaks to the database."""
