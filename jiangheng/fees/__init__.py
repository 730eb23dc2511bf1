"""Charges, payments, receipts and refunds; append-only."""
