"""The demonstration: one whole batch through the same actions the pages call, with fictional bodies and invented people."""
