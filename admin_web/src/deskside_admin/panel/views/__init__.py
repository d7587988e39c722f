"""The pages, one blueprint per noun."""

from deskside_admin.panel.views import (
    account,
    company,
    company_options,
    features,
    feedback,
    groups,
    history,
    home,
    let_in,
    licences,
    look,
    server,
    setup,
    sign_ins,
    signed_in,
    signin,
    trust,
    user_access,
    users,
)

BLUEPRINTS = tuple(
    module.bp
    for module in (
        look,
        setup,
        signin,
        home,
        account,
        history,
        users,
        groups,
        company,
        company_options,
        features,
        feedback,
        signed_in,
        sign_ins,
        licences,
        server,
        trust,
    )
)

__all__ = ["BLUEPRINTS", "let_in", "user_access"]
