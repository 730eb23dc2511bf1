"""Private uploads: proofs, photos, scans; checked by content, hashed, served with an access check."""
