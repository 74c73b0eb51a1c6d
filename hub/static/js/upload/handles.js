// Where the browser lets a page keep hold of files, they are opened again after a reload, once the
// person allows it with a click. Elsewhere nothing is kept and the files are chosen again.
//
// What is kept is a handle, not the file; it stays in this browser, until no draft needs it.

const STORE = "handles";
const DAY = 86_400_000; // milliseconds; a draft may be begun in another tab just now
const DEEPEST = 6;
const MOST = 2000;
const TYPES = [{
  accept: {
    "application/octet-stream": [".safetensors", ".gguf"],
    "application/json": [".json"],
    "application/zip": [".zip"],
  },
}];

const last = (path) => path.split("/").at(-1);
const keyOf = ({ size, modified, name }) => `${size} ${modified} ${last(name)}`;

export const canPick = "showOpenFilePicker" in window && "indexedDB" in window;
export const canPickFolder = "showDirectoryPicker" in window && "indexedDB" in window;

function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("loradex-uploads", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

async function inStore(mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const change = opened.transaction(STORE, mode);
      const asked = act(change.objectStore(STORE));
      change.oncomplete = () => resolve(asked.result);
      change.onerror = change.onabort = () => reject(change.error);
    });
  } finally {
    opened.close();
  }
}

// Keep hold of what was chosen: {file, path, kept: {handle, inside}}, `inside` its way in a folder.
export async function keep(chosen) {
  for (const { file, kept } of chosen) {
    if (!kept) continue;
    const key = keyOf({ size: file.size, modified: file.lastModified, name: file.name });
    await inStore("readwrite", (store) => store.put({ ...kept, at: Date.now() }, key));
  }
}

// The files of a draft with what is kept of each; null if one is missing.
export async function keptOf(draft) {
  if (!canPick || !draft.files.length) return null;
  const found = await Promise.all(draft.files.map((one) => inStore("readonly", (store) => store.get(keyOf(one)))));
  return found.every(Boolean) ? draft.files.map((one, at) => ({ ...one, kept: found[at] })) : null;
}

// Forget what no draft needs any more.
export async function tidy(drafts) {
  if (!canPick) return;
  const needed = new Set(drafts.flatMap(({ files }) => files.map(keyOf)));
  const before = Date.now() - DAY;
  await inStore("readwrite", (store) => {
    const asked = store.openCursor();
    asked.onsuccess = () => {
      const at = asked.result;
      if (!at) return;
      if (!needed.has(at.key) && at.value.at < before) at.delete();
      at.continue();
    };
    return asked;
  });
}

// Open files again, in the click that asks for it. Throws NotAllowedError if the person says no,
// and NotFoundError (with the name as its message) for a file that is another one by now.
export async function reopen(files) {
  const opened = [];
  for (const { name, size, modified, kept } of files) {
    if ((await kept.handle.requestPermission({ mode: "read" })) !== "granted") {
      throw new DOMException(last(name), "NotAllowedError");
    }
    const file = await (await inside(kept)).getFile().catch(() => null);
    if (file?.size !== size || file.lastModified !== modified) throw new DOMException(last(name), "NotFoundError");
    opened.push({ file, path: name, kept });
  }
  return opened;
}

async function inside({ handle, inside: way }) {
  const steps = way ? way.split("/") : [];
  let at = handle;
  try {
    for (const step of steps.slice(0, -1)) at = await at.getDirectoryHandle(step);
    return steps.length ? await at.getFileHandle(steps.at(-1)) : at;
  } catch {
    throw new DOMException(last(way || handle.name), "NotFoundError");
  }
}

// What the person picks; empty if they think better of it.
export async function pick() {
  const handles = await window.showOpenFilePicker({ multiple: true, types: TYPES }).catch(orNothing);
  return Promise.all(handles.map(async (handle) => {
    const file = await handle.getFile();
    return { file, path: file.name, kept: { handle, inside: "" } };
  }));
}

export async function pickFolder() {
  const [folder] = await window.showDirectoryPicker().then((one) => [one]).catch(orNothing);
  const found = [];
  if (folder) await walk(folder, folder, "", found);
  return found;
}

async function walk(root, folder, way, found) {
  if (way.split("/").length > DEEPEST) return;
  for await (const [name, handle] of folder.entries()) {
    if (found.length >= MOST) return;
    const inner = `${way}${name}`;
    if (handle.kind === "directory") await walk(root, handle, `${inner}/`, found);
    else found.push({ file: await handle.getFile(), path: `${root.name}/${inner}`, kept: { handle: root, inside: inner } });
  }
}

function orNothing(error) {
  if (error.name === "AbortError") return [];
  throw error;
}

// What is dropped, taken hold of. Call it in the event itself: later, nothing is there any more.
export function held(transfer) {
  if (!canPick) return Promise.resolve([]);
  const asked = [...transfer.items].map((item) => item.getAsFileSystemHandle?.() ?? null);
  return Promise.all(asked.map((one) => Promise.resolve(one).catch(() => null)));
}

// Give each of what was dropped its handle: its own, or that of the folder it lies in.
export async function give(entries, handles) {
  const named = new Map((await handles).filter(Boolean).map((handle) => [handle.name, handle]));
  for (const one of entries) {
    const [first, ...rest] = one.path.split("/");
    const handle = named.get(first);
    if (handle && (handle.kind === "directory") === rest.length > 0) one.kept = { handle, inside: rest.join("/") };
  }
  return entries;
}
