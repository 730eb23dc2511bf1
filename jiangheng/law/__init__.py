"""The rules' values as dated TOML; read only by :mod:`jiangheng.rules.law`."""
