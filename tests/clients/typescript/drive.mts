// Drives the generated types with openapi-fetch: `node drive.mjs BASE_URL` prints its results as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./client/api.js";

declare const process: { argv: string[]; env: Record<string, string | undefined> };

type Article = components["schemas"]["Article"];
type ArticlePage = components["schemas"]["ArticlePage"];
type ArticleUpdate = components["schemas"]["ArticleUpdate"];
type Problem = components["schemas"]["Problem"];

const ANY = { "If-Match": "*" };
const baseUrl = process.argv[2]!;
const blog = createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${process.env.API_TOKEN}` } });
const anonymous = createClient<paths>({ baseUrl });

async function drive() {
  const author = data(await blog.POST("/authors", { body: { first_name: "Ada", last_name: "Lovelace" } }));
  const created: string[] = [];
  let article_id = 0;
  for (const title of ["Note G", "Note A", "Note B"]) {
    const body = { title, content: "Step by step.", author_id: author.id, summary: "A note." };
    const stored = data(await blog.POST("/articles", { body }));
    article_id = stored.id;
    created.push(stored.title);
  }
  return {
    create: created,
    read: await read(article_id),
    page: await page(author.id),
    "patch absent": await patch(article_id, { title: "Note B, revised" }),
    "patch value": await patch(article_id, { summary: "In short." }),
    "patch null": await patch(article_id, { summary: null }),
    "error 401": await unauthorized(),
    "error 422": await refused(author.id),
    "error 404": await missing(),
    "error 409": await conflict(author.id),
    delete: await deleted(author.id),
  };
}

async function read(article_id: number) {
  const article = data(await blog.GET("/articles/{article_id}", { params: { path: { article_id } } }));
  return [article.title, !Number.isNaN(Date.parse(article.created_at))];
}

async function page(author_id: number) {
  const titles: string[] = [];
  let cursor: string | null = null;
  do {
    const query = { author_id, sort: "title", limit: 2, ...(cursor && { cursor }) } as const;
    const page: ArticlePage = data(await blog.GET("/articles", { params: { query } }));
    titles.push(...page.items.map((article) => article.title));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return titles;
}

async function patch(article_id: number, body: ArticleUpdate) {
  const article = await revise(article_id, () => body);
  return [article.title, article.summary];
}

async function revise(article_id: number, change: (article: Article) => ArticleUpdate): Promise<Article> {
  const path = { article_id };
  for (;;) {
    const read = await blog.GET("/articles/{article_id}", { params: { path } });
    if (!read.data) throw new Error(read.error.detail);
    const params = { path, header: { "If-Match": read.response.headers.get("ETag")! } };
    const changed = await blog.PATCH("/articles/{article_id}", { params, body: change(read.data) });
    if (changed.data) return changed.data;
    // after a 412 somebody was faster: read it again
    if (changed.response.status !== 412) throw new Error(changed.error.detail);
  }
}

async function refused(author_id: number) {
  const { error } = await blog.POST("/articles", { body: { title: "", content: "…", author_id } });
  return [...told(error), error?.errors?.[0]?.pointer];
}

async function unauthorized() {
  const body = { first_name: "Ada", last_name: "Lovelace" };
  return told((await anonymous.POST("/authors", { body })).error);
}

async function missing() {
  return told((await blog.GET("/articles/{article_id}", { params: { path: { article_id: 999 } } })).error);
}

async function conflict(author_id: number) {
  const params = { path: { author_id }, header: ANY };
  return told((await blog.DELETE("/authors/{author_id}", { params })).error);
}

async function deleted(author_id: number) {
  const path = { author_id };
  await blog.DELETE("/authors/{author_id}", { params: { path, header: ANY, query: { cascade: true } } });
  return told((await blog.GET("/authors/{author_id}", { params: { path } })).error);
}

function told(problem: Problem | undefined) {
  return [problem?.type, problem?.status];
}

function data<T>(answer: { data?: T; error?: Problem }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail);
  return answer.data;
}

console.log(JSON.stringify(await drive()));
