import { store } from "../lib/db/store.ts";

export const dynamic = "force-dynamic";

export default async function Page() {
  const prompts = await (await store()).list();
  return (
    <main>
      <h1>Prompts</h1>
      <ul>
        {prompts.map((prompt) => (
          <li key={prompt.id}>
            <h2>{prompt.title}</h2>
            <p>{prompt.body}</p>
          </li>
        ))}
      </ul>
      {process.env.NEXT_PUBLIC_ENABLE_EXPORT === "true" && <a href="/api/prompts">All of them as JSON</a>}
    </main>
  );
}
