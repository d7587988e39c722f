"""The pages, one blueprint per noun."""

from deskside_admin.panel.views import account, groups, history, home, look, setup, signin, users

BLUEPRINTS = tuple(module.bp for module in (look, setup, signin, home, account, history, users, groups))

__all__ = ["BLUEPRINTS"]
