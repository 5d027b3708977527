// Drives the generated SDK: `node drive.js BASE_URL` prints its results as JSON.
import { client } from "./client/client.gen";
import * as blog from "./client";

declare const process: { argv: string[]; env: Record<string, string | undefined> };

client.setConfig({ baseUrl: process.argv[2]!, auth: () => process.env.API_TOKEN });

const ANY = { "If-Match": "*" };

async function drive() {
  const author_id = data(await blog.createAuthor({ body: { first_name: "Ada", last_name: "Lovelace" } })).id;
  const created: string[] = [];
  let article_id = 0;
  for (const title of ["Note G", "Note A", "Note B"]) {
    const body = { title, content: "Step by step.", author_id, summary: "A note." };
    const stored = data(await blog.createArticle({ body }));
    article_id = stored.id;
    created.push(stored.title);
  }
  return {
    create: created,
    read: await read(article_id),
    page: await page(author_id),
    "patch absent": await patch(article_id, { title: "Note B, revised" }),
    "patch value": await patch(article_id, { summary: "In short." }),
    "patch null": await patch(article_id, { summary: null }),
    "error 401": await unauthorized(),
    "error 422": await refused(author_id),
    "error 404": told((await blog.getArticle({ path: { article_id: 999 } })).error),
    "error 409": told((await blog.deleteAuthor({ path: { author_id }, headers: ANY })).error),
    delete: await deleted(author_id),
  };
}

async function read(article_id: number) {
  const article = data(await blog.getArticle({ path: { article_id } }));
  return [article.title, !Number.isNaN(Date.parse(article.created_at))];
}

async function page(author_id: number) {
  const titles: string[] = [];
  let cursor: string | null = null;
  do {
    const query = { author_id, sort: "title", limit: 2, ...(cursor && { cursor }) } as const;
    const page: blog.ArticlePage = data(await blog.listArticles({ query }));
    titles.push(...page.items.map((article) => article.title));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return titles;
}

async function patch(article_id: number, body: blog.ArticleUpdate) {
  const path = { article_id };
  for (;;) {
    const { response } = await blog.getArticle({ path });
    const headers = { "If-Match": response!.headers.get("ETag")! };
    const changed = await blog.updateArticle({ path, headers, body });
    if (changed.response!.status === 412) continue; // somebody else was faster
    const article = data(changed);
    return [article.title, article.summary];
  }
}

async function refused(author_id: number) {
  const { error } = await blog.createArticle({ body: { title: "", content: "…", author_id } });
  return [...told(error), error?.errors?.[0]?.pointer];
}

async function unauthorized() {
  const body = { first_name: "Ada", last_name: "Lovelace" };
  return told((await blog.createAuthor({ body, auth: undefined })).error);
}

async function deleted(author_id: number) {
  await blog.deleteAuthor({ path: { author_id }, headers: ANY, query: { cascade: true }, throwOnError: true });
  return told((await blog.getAuthor({ path: { author_id } })).error);
}

function told(problem: blog.Problem | undefined) {
  return [problem?.type, problem?.status];
}

function data<T>(answer: { data?: T; error?: blog.Problem }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail);
  return answer.data;
}

drive().then((seen) => console.log(JSON.stringify(seen)));
