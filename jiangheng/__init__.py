"""匠衡 Jiangheng: vocational skill-level recognition, from a filed scope to a certificate anyone can check."""
