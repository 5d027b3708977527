// Drives the generated types with openapi-fetch: `node drive.mjs BASE_URL` prints what it has seen as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./blog.js";

declare const process: { argv: string[] };

type ArticleUpdate = components["schemas"]["ArticleUpdate"];

const blog = createClient<paths>({ baseUrl: process.argv[2]! });

// openapi-fetch says application/json unless it is told otherwise.
const headers = { "Content-Type": "application/merge-patch+json" };

async function drive() {
  const author = data(await blog.POST("/authors", { body: { first_name: "Ada", last_name: "Lovelace" } }));
  let article_id = 0;
  for (const title of ["Note G", "Note A", "Note B"]) {
    const body = { title, content: "Step by step.", author_id: author.id, summary: "A note." };
    article_id = data(await blog.POST("/articles", { body })).id;
  }
  return {
    read: await read(article_id),
    titles: await titles(author.id),
    "kept by absent": await patched(article_id, { title: "Note B, revised" }),
    "removed by null": await patched(article_id, { summary: null }),
    refused: await refused(author.id),
    missing: await missing(),
    deleted: await deleted(author.id),
  };
}

async function read(article_id: number) {
  const article = data(await blog.GET("/articles/{article_id}", { params: { path: { article_id } } }));
  return [article.title, !Number.isNaN(Date.parse(article.created_at))];
}

async function titles(author_id: number) {
  const titles: string[] = [];
  let cursor: string | null = null;
  do {
    const query = { author_id, sort: "title", limit: 2, ...(cursor && { cursor }) } as const;
    const page: components["schemas"]["ArticlePage"] = data(await blog.GET("/articles", { params: { query } }));
    titles.push(...page.items.map((article) => article.title));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return titles;
}

async function patched(article_id: number, body: ArticleUpdate) {
  const article = data(await blog.PATCH("/articles/{article_id}", { params: { path: { article_id } }, headers, body }));
  return [article.title, article.summary];
}

async function refused(author_id: number) {
  const { error } = await blog.POST("/articles", { body: { title: "", content: "…", author_id } });
  return [error?.type, error?.status, error?.errors?.[0]?.pointer];
}

async function missing() {
  const { error } = await blog.GET("/articles/{article_id}", { params: { path: { article_id: 999 } } });
  return [error?.type, error?.status];
}

async function deleted(author_id: number) {
  const path = { author_id };
  const kept = await blog.DELETE("/authors/{author_id}", { params: { path } });
  const gone = await blog.DELETE("/authors/{author_id}", { params: { path, query: { cascade: true } } });
  const after = await blog.GET("/authors/{author_id}", { params: { path } });
  return [kept, gone, after].map(({ response }) => response.status);
}

function data<T>(answer: { data?: T; error?: components["schemas"]["Problem"] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail);
  return answer.data;
}

console.log(JSON.stringify(await drive()));
