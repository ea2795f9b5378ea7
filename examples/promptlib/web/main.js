// Lists prompts and adds one. What people wrote is text, never markup.
const list = document.querySelector("ul");
const form = document.querySelector("form");
let token;

async function show() {
  const prompts = await (await fetch("/api/prompts")).json();
  list.replaceChildren(
    ...prompts.map(({ title, body }) => {
      const item = document.createElement("li");
      item.textContent = `${title}: ${body}`;
      return item;
    }),
  );
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  token ??= (await (await fetch("/api/session", { method: "POST" })).json()).token;
  await fetch("/api/prompts", {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
  });
  form.reset();
  await show();
});

await show();
