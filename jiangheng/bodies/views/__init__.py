"""Pages of organisations, filings, premises and the public directory."""
