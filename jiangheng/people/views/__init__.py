"""Pages of accounts: coming in, one's own profile, the accounts and cards an organisation keeps."""

from jiangheng.people.views.entry import locked_out

__all__ = ["locked_out"]
