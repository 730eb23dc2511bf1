"""Item bank, three sets, paper requests (附件8), sealed packages, custody ledger."""
