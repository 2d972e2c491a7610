// What the editor asks the server: to keep a picture, and to clean what was pasted.

async function post(address, form, values) {
  const body = new FormData();
  for (const [name, value] of Object.entries(values)) {
    body.append(name, value);
  }
  const token = form.querySelector("[name=csrfmiddlewaretoken]")?.value ?? "";
  const headers = { Accept: "application/json", "X-CSRFToken": token };
  const response = await fetch(address, { method: "POST", body, headers });
  if (!response.headers.get("Content-Type")?.includes("json")) {
    // The page of the login, or of an error: something else than what was asked for.
    throw new Error(`${response.status}`);
  }
  return response.json();
}

export function uploadPicture(root, form, { file, alternative, caption }) {
  const town = root.dataset.town || document.body.dataset.town || "";
  return post(root.dataset.upload, form, { file, alternative, caption, municipality: town });
}

export function cleanPasted(root, form, html) {
  return post(root.dataset.paste, form, { html });
}
