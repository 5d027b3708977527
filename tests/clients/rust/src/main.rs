//! Drives the generated crate: `drive BASE_URL` prints its results as JSON.

use openapi::apis::articles_api::{create_article, get_article, list_articles, update_article};
use openapi::apis::articles_api::{CreateArticleError, GetArticleError};
use openapi::apis::authors_api::{create_author, delete_author, get_author};
use openapi::apis::authors_api::{CreateAuthorError, DeleteAuthorError, GetAuthorError};
use openapi::apis::{configuration::Configuration, Error};
use openapi::models::{ArticleCreate, ArticleSort, ArticleUpdate, AuthorCreate, Problem};
use serde_json::{json, Value};

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    let base_path = std::env::args().nth(1).ok_or("usage: drive BASE_URL")?;
    let bearer_access_token = Some(std::env::var("API_TOKEN")?);
    let blog = Configuration { base_path, bearer_access_token, ..Configuration::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    println!("{}", runtime.block_on(drive(&blog))?);
    Ok(())
}

async fn drive(blog: &Configuration) -> Outcome<Value> {
    let author = create_author(blog, ada(), None).await?.id;
    let mut created = vec![];
    let mut article = 0;
    for title in ["Note G", "Note A", "Note B"] {
        let mut body = ArticleCreate::new(title.into(), "Step by step.".into(), author);
        body.summary = Some(Some("A note.".into()));
        let stored = create_article(blog, body, None).await?;
        article = stored.id;
        created.push(stored.title);
    }
    let absent = ArticleUpdate { title: Some("Note B, revised".into()), ..ArticleUpdate::new() };
    let value = ArticleUpdate { summary: Some(Some("In short.".into())), ..ArticleUpdate::new() };
    let null = ArticleUpdate { summary: Some(None), ..ArticleUpdate::new() };
    Ok(json!({
        "create": created,
        "read": read(blog, article).await?,
        "page": page(blog, author).await?,
        "patch absent": patch(blog, article, absent).await?,
        "patch value": patch(blog, article, value).await?,
        "patch null": patch(blog, article, null).await?,
        "error 401": unauthorized(blog).await?,
        "error 422": refused(blog, author).await?,
        "error 404": missing(blog).await?,
        "error 409": conflict(blog, author).await?,
        "delete": delete(blog, author).await?,
    }))
}

fn ada() -> AuthorCreate {
    AuthorCreate::new("Ada".into(), "Lovelace".into())
}

async fn read(blog: &Configuration, article: i64) -> Outcome<Value> {
    let article = get_article(blog, article, None).await?;
    Ok(json!([article.title, article.created_at.timestamp() > 0]))
}

async fn page(blog: &Configuration, author: i64) -> Outcome<Vec<String>> {
    let mut titles = vec![];
    let mut cursor: Option<String> = None;
    loop {
        let page = list_articles(blog, Some(2), cursor.as_deref(), Some(ArticleSort::TITLE), Some(author), None).await?;
        titles.extend(page.items.into_iter().map(|article| article.title));
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(titles);
        }
    }
}

async fn patch(blog: &Configuration, article: i64, changes: ArticleUpdate) -> Outcome<Value> {
    let article = update_article(blog, article, "*", changes).await?;
    Ok(json!([article.title, article.summary]))
}

async fn refused(blog: &Configuration, author: i64) -> Outcome<Value> {
    let answer = create_article(blog, ArticleCreate::new("".into(), "…".into(), author), None).await;
    let problem = match entity(answer)? {
        CreateArticleError::Status400(problem) | CreateArticleError::Status422(problem) => problem,
        other => return Err(format!("{other:?}").into()),
    };
    let pointer = problem.errors.as_ref().and_then(|errors| errors.first()).map(|error| &error.pointer);
    Ok(json!([problem.r#type, problem.status, pointer]))
}

async fn unauthorized(blog: &Configuration) -> Outcome<Value> {
    let anonymous = Configuration { bearer_access_token: None, ..blog.clone() };
    match entity(create_author(&anonymous, ada(), None).await)? {
        CreateAuthorError::Status400(problem) | CreateAuthorError::Status401(problem) => Ok(told(problem)),
        other => Err(format!("{other:?}").into()),
    }
}

async fn missing(blog: &Configuration) -> Outcome<Value> {
    match entity(get_article(blog, 999, None).await)? {
        GetArticleError::Status400(problem) | GetArticleError::Status404(problem) => Ok(told(problem)),
        other => Err(format!("{other:?}").into()),
    }
}

async fn conflict(blog: &Configuration, author: i64) -> Outcome<Value> {
    match entity(delete_author(blog, author, "*", None).await)? {
        DeleteAuthorError::Status400(problem) | DeleteAuthorError::Status409(problem) => Ok(told(problem)),
        other => Err(format!("{other:?}").into()),
    }
}

async fn delete(blog: &Configuration, author: i64) -> Outcome<Value> {
    delete_author(blog, author, "*", Some(true)).await?;
    match entity(get_author(blog, author, None).await)? {
        GetAuthorError::Status400(problem) | GetAuthorError::Status404(problem) => Ok(told(problem)),
        other => Err(format!("{other:?}").into()),
    }
}

fn told(problem: Problem) -> Value {
    json!([problem.r#type, problem.status])
}

/// Return the typed error of a response. The errors of an operation are one type, of which serde
/// takes the first that fits: the variant says nothing of the status.
fn entity<T, E: std::fmt::Debug>(answer: Result<T, Error<E>>) -> Outcome<E> {
    match answer {
        Err(Error::ResponseError(response)) => response.entity.ok_or_else(|| response.content.into()),
        Err(error) => Err(error.to_string().into()),
        Ok(_) => Err("no error".into()),
    }
}
