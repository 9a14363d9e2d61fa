"""Addresses of the door. allauth knows its pages by the names here."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from console.people import again_elsewhere, doors, held, lost_factors, profile, sessions
from console.people.turnstile import too_many

urlpatterns = [
    path("sign-in/", doors.sign_in, name="sign_in"),
    path("sign-in/", doors.sign_in, name="account_login"),
    path("sign-in/code/", doors.code, name="mfa_authenticate"),
    path("sign-in/passkey/", doors.sign_in_by_passkey, name="mfa_login_webauthn"),
    path("sign-in/inactive/", doors.inactive, name="account_inactive"),
    path("sign-in/again/", doors.sign_in_again, name="account_reauthenticate"),
    path("sign-in/again/code/", doors.code_again, name="mfa_reauthenticate"),
    path("sign-in/again/passkey/", doors.passkey_again, name="mfa_reauthenticate_webauthn"),
    path(
        "sign-in/again/elsewhere/", again_elsewhere.again_elsewhere, name="sign_in_again_elsewhere"
    ),
    path("sign-in/again/there/", again_elsewhere.again_there, name="sign_in_again_there"),
    path("sign-in/busy/", too_many, name="too_many"),
    path("sign-in/failed/", doors.elsewhere_failed, name="socialaccount_login_error"),
    path("sign-in/failed/", doors.elsewhere_failed, name="socialaccount_signup"),
    path("sign-in/canceled/", doors.elsewhere_canceled, name="socialaccount_login_cancelled"),
    path("sign-in/with/<slug:provider_id>/", doors.sign_in_elsewhere, name="openid_connect_login"),
    path(
        "sign-in/with/<slug:provider_id>/back/",
        doors.back_from_elsewhere,
        name="openid_connect_callback",
    ),
    path("sign-out/", doors.sign_out, name="sign_out"),
    path("sign-out/", doors.sign_out, name="account_logout"),
    path("password-reset/", doors.reset_password, name="account_reset_password"),
    path("password-reset/sent/", doors.reset_sent, name="account_reset_password_done"),
    path(
        "password-reset/set/", doors.new_password_set, name="account_reset_password_from_key_done"
    ),
    re_path(
        r"^password-reset/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[^/]+)/$",
        doors.new_password,
        name="account_reset_password_from_key",
    ),
    path("my-account/", profile.profile, name="profile"),
    path("my-account/password/", doors.change_password, name="account_change_password"),
    path("my-account/sessions/", sessions.own_sessions, name="usersessions_list"),
    path("my-account/second-factors/", doors.second_factors, name="mfa_index"),
    path("my-account/second-factors/app/", doors.add_app, name="mfa_activate_totp"),
    path("my-account/second-factors/app/remove/", doors.remove_app, name="mfa_deactivate_totp"),
    path(
        "my-account/second-factors/recovery-codes/",
        doors.recovery_codes,
        name="mfa_view_recovery_codes",
    ),
    path(
        "my-account/second-factors/recovery-codes/new/",
        doors.new_recovery_codes,
        name="mfa_generate_recovery_codes",
    ),
    path(
        "my-account/second-factors/recovery-codes/download/",
        doors.download_recovery_codes,
        name="mfa_download_recovery_codes",
    ),
    path("my-account/second-factors/passkeys/add/", doors.add_passkey, name="mfa_add_webauthn"),
    path(
        "my-account/second-factors/passkeys/",
        RedirectView.as_view(pattern_name="mfa_index"),
        name="mfa_list_webauthn",
    ),
    path(
        "my-account/second-factors/passkeys/<id:pk>/remove/",
        doors.remove_passkey,
        name="mfa_remove_webauthn",
    ),
    path(
        "my-account/second-factors/passkeys/<id:pk>/edit/",
        doors.rename_passkey,
        name="mfa_edit_webauthn",
    ),
    path("", RedirectView.as_view(pattern_name="home"), name="socialaccount_connections"),
    path("held-sign-ins/", held.held_sign_ins, name="held_sign_ins"),
    path("lost-second-factors/", lost_factors.lost_second_factors, name="lost_second_factors"),
    path(
        "lost-second-factors/<id:pk>/", lost_factors.lost_second_factor, name="lost_second_factor"
    ),
]
