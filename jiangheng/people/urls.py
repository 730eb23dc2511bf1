"""Names of this room's pages."""

from django.urls import path

from jiangheng import screens
from jiangheng.people.steps import STEPS
from jiangheng.people.views import accounts, availability, entry, membership_lists, merges, profile, staff

app_name = "people"
urlpatterns = [
    path("sign-in/", entry.sign_in, name="sign_in"),
    path("sign-in/second-step/", entry.second_step, name="second_step"),
    path("sign-out/", entry.sign_out, name="sign_out"),
    path("register/", entry.register, name="register"),
    path("switch/", entry.switch, name="switch"),
    path("profile/", profile.profile, name="profile"),
    path("profile/password/", profile.password, name="password"),
    path("profile/second-step/", profile.enrol, name="second_step_enrol"),
    path("profile/second-step/drop/", profile.drop, name="second_step_drop"),
    path("profile/relations/new/", profile.declare, name="relation_declare"),
    path("profile/relations/<int:relation_id>/withdraw/", profile.withdraw, name="relation_withdraw"),
    path("profile/availability/", availability.own, name="availability"),
    path("cards/<int:card_id>/availability/", availability.of_card, name="card_availability"),
    path("absences/<int:absence_id>/withdraw/", availability.withdraw, name="absence_withdraw"),
    path("accounts/", accounts.accounts, name="accounts"),
    path("accounts/new/", accounts.account_open, name="account_open"),
    path("accounts/<int:account_id>/", accounts.account, name="account"),
    path("accounts/<int:account_id>/roles/new/", accounts.membership_add, name="membership_add"),
    path("accounts/<int:account_id>/password/", accounts.password_reset, name="password_reset"),
    path("accounts/<int:account_id>/close/", accounts.account_close, name="account_close"),
    path("accounts/<int:account_id>/reopen/", accounts.account_reopen, name="account_reopen"),
    path("accounts/<int:account_id>/second-step/drop/", accounts.account_drop, name="account_drop"),
    path("roles/<int:membership_id>/end/", accounts.membership_end, name="membership_end"),
    path("tokens/", accounts.tokens, name="tokens"),
    path("tokens/<int:token_id>/revoke/", accounts.token_revoke, name="token_revoke"),
    path("merges/", merges.merges, name="merges"),
    path("merges/new/", merges.merge_new, name="merge_new"),
    path("merges/<int:merge_id>/", merges.merge, name="merge"),
    *screens.addresses(*STEPS),
    path("roll/", membership_lists.membership_list, name="membership_list"),
    path("roll/template/", membership_lists.membership_list_template, name="membership_list_template"),
    path("roll/import/", membership_lists.membership_list_import, name="membership_list_import"),
    path("roll/new/", membership_lists.membership_list_new, name="membership_list_new"),
    path("roll/<int:affiliation_id>/", membership_lists.membership_list_entry, name="membership_list_entry"),
    path("cards/", staff.cards, name="cards"),
    path("cards/new/", staff.card_issue, name="card_issue"),
    path("cards/<int:card_id>/", staff.card, name="card"),
    path("cards/<int:card_id>/change/", staff.card_change, name="card_change"),
    path("cards/<int:card_id>/verify/", staff.card_verify, name="card_verify"),
    path("cards/<int:card_id>/end/", staff.card_end, name="card_end"),
]
