"""One reader per kind of value, used by every door: what is only dress is taken off and said, meaning never changes in silence."""
