"""Large counts: what ``make test`` runs a tenth of, whole. Each module has ``main(seed, commit) -> figures``."""
