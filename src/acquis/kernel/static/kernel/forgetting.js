// @ts-check
// The sign-in page: whoever comes next finds nothing that was kept on this device to be shown without the
// server. What was typed and not yet sent is no such copy: it stays, and leaves under its author's sign-in.

const PREFIX = "acquis.kept.";

// Absent without HTTPS, where nothing is kept either.
if (window.caches) {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX)) await caches.delete(name);
  }
}
