"""Review, numbers, e-certificates, public verification."""
