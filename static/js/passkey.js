// Forms that a passkey fills in: the browser is asked when they are sent, and sends them after that.

const { webauthn } = window.allauth;
const form = document.querySelector("form[data-passkey]");
const ids = { credential: "credential", data: "passkey-data", passwordless: "passwordless" };

const begin = {
  "sign-in": () => webauthn.forms.loginForm({ ids: { ...ids, login: "passkey-button" } }),
  prove: () => webauthn.forms.authenticateForm({ ids: { ...ids, authenticate: "passkey-button" } }),
  add: () => webauthn.forms.addForm({ ids: { ...ids, add: "passkey-button" } }),
};

if (form) {
  begin[form.dataset.passkey]();
  // The script of allauth sends the form by itself; Enter and the button must not.
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    document.getElementById("passkey-button").click();
  });
  document.getElementById("passkey-button").type = "button";
  document.getElementById("passkey-needs").hidden = true;
  form.hidden = false;
}

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const trouble = document.getElementById("passkey-trouble");
  trouble.setAttribute("role", "alert");
  trouble.hidden = false;
});
