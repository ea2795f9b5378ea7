// What the page asks for and what it shows.
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { App, CredentialList, HealthLine } from "../src/App.tsx";
import { createApi } from "../src/api.ts";

const answer = (body: unknown, status = 200) => {
  const asked: string[] = [];
  const request = async (address: RequestInfo | URL) => {
    asked.push(String(address));
    return Response.json(body, { status });
  };
  return { asked, request };
};

test("pages are asked for below the address of the API", async () => {
  const { asked, request } = answer({ page: 2, limit: 20, items: [] });
  expect((await createApi("/api/", request).credentials(2)).items).toEqual([]);
  expect(asked).toEqual(["/api/credentials?page=2"]);
});

test("an answer that is not a success is an error", async () => {
  const { request } = answer({}, 503);
  await expect(createApi("/api", request).health()).rejects.toThrow("the API answered 503");
});

test("credentials are listed with their state, and text stays text", () => {
  const items = [{ id: "1", title: "<b>Python</b>", status: "PUBLISHED" as const }];
  const html = renderToStaticMarkup(createElement(CredentialList, { page: { page: 1, limit: 20, items } }));
  expect(html).toBe("<ul><li>&lt;b&gt;Python&lt;/b&gt; <small>published</small></li></ul>");
});

test("the state of each service is shown", () => {
  const health = { status: "healthy", version: "1.0.0", services: { database: "healthy", cache: "unhealthy" } };
  const html = renderToStaticMarkup(createElement(HealthLine, { health }));
  expect(html).toContain("API 1.0.0 is healthy (database healthy, cache unhealthy)");
});

test("the first page has no newer one", () => {
  const { request } = answer({});
  const html = renderToStaticMarkup(createElement(App, { api: createApi("/api", request) }));
  expect(html).toContain('<button type="button" disabled="">Newer</button>');
});
