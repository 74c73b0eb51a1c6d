// Uploads that were left unfinished, remembered in this browser: no bytes, only their names.

const key = (user) => `loradex.uploads.${user}`;
const DAYS = 2 * 24 * 3600 * 1000;

export const fingerprintOf = (file) => `${file.name}|${file.size}|${file.lastModified}`;

export function remembered(user) {
  try {
    const all = JSON.parse(localStorage.getItem(key(user)) ?? "{}");
    const fresh = Object.entries(all).filter(([, one]) => Date.now() - one.at < DAYS);
    return Object.fromEntries(fresh);
  } catch {
    return {};
  }
}

function keep(user, all) {
  try {
    localStorage.setItem(key(user), JSON.stringify(all));
  } catch {
    // storage is off: it cannot be resumed after a reload, that is all
  }
}

export function remember(user, file, facts) {
  keep(user, { ...remembered(user), [fingerprintOf(file)]: { name: file.name, at: Date.now(), ...facts } });
}

export function forget(user, fingerprint) {
  const all = remembered(user);
  delete all[fingerprint];
  keep(user, all);
}
