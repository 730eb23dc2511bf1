"""The jiangheng command."""
