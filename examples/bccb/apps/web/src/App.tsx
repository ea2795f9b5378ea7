// The page: the state of the platform and one page of micro-credentials.
import { useEffect, useState } from "react";
import type { Api, Health, Page } from "./api.ts";

export function HealthLine({ health }: { health: Health | undefined }) {
  if (!health) return <p role="status">Asking for the state of the platform …</p>;
  const services = Object.entries(health.services).map(([name, state]) => `${name} ${state}`);
  return (
    <p role="status">
      API {health.version} is {health.status} ({services.join(", ")})
    </p>
  );
}

export function CredentialList({ page }: { page: Page }) {
  if (page.items.length === 0) return <p>No micro-credentials on this page.</p>;
  return (
    <ul>
      {page.items.map(({ id, title, status }) => (
        <li key={id}>
          {title} <small>{status.toLowerCase()}</small>
        </li>
      ))}
    </ul>
  );
}

export function App({ api }: { api: Api }) {
  const [number, setNumber] = useState(1);
  const [page, setPage] = useState<Page>();
  const [health, setHealth] = useState<Health>();
  const [problem, setProblem] = useState("");

  useEffect(() => {
    let current = true;
    const fail = (error: unknown) => current && setProblem(String(error));
    api.health().then((value) => current && setHealth(value), fail);
    api.credentials(number).then((value) => current && setPage(value), fail);
    return () => {
      current = false;
    };
  }, [api, number]);

  return (
    <main>
      <h1>Micro-credentials</h1>
      <HealthLine health={health} />
      {problem && <p role="alert">{problem}</p>}
      {page && <CredentialList page={page} />}
      <nav>
        <button type="button" disabled={number === 1} onClick={() => setNumber(number - 1)}>
          Newer
        </button>
        <button type="button" disabled={!page || page.items.length < page.limit} onClick={() => setNumber(number + 1)}>
          Older
        </button>
      </nav>
    </main>
  );
}
