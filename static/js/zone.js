// Tells the first sign-in where the browser is; without it times are in the usual zone.
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (zone) {
  // biome-ignore lint/suspicious/noDocumentCookie: the newer way is not there in every browser
  document.cookie = `time_zone=${zone}; path=/; max-age=3600; samesite=lax`;
}
