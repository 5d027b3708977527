import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.ArticlesApi;
import org.openapitools.client.api.AuthorsApi;
import org.openapitools.client.model.Article;
import org.openapitools.client.model.ArticleCreate;
import org.openapitools.client.model.ArticlePage;
import org.openapitools.client.model.ArticleSort;
import org.openapitools.client.model.ArticleUpdate;
import org.openapitools.client.model.AuthorCreate;
import org.openapitools.client.model.Problem;

/** Drives the generated client: `java Drive BASE_URL` prints its results as JSON. */
public class Drive {
    private final ObjectMapper mapper;
    private final ArticlesApi articles;
    private final AuthorsApi authors;
    private final AuthorsApi anonymous;

    private Drive(ApiClient client, ApiClient withoutToken) {
        mapper = client.getObjectMapper();
        articles = new ArticlesApi(client);
        authors = new AuthorsApi(client);
        anonymous = new AuthorsApi(withoutToken);
    }

    public static void main(String[] arguments) throws Exception {
        String token = System.getenv("API_TOKEN");
        ApiClient client = client(arguments[0]);
        client.setRequestInterceptor(request -> request.header("Authorization", "Bearer " + token));
        Drive drive = new Drive(client, client(arguments[0]));
        System.out.println(new ObjectMapper().writeValueAsString(drive.drive()));
    }

    private static ApiClient client(String address) {
        ApiClient client = new ApiClient();
        client.updateBaseUri(address);
        return client;
    }

    private Map<String, Object> drive() throws Exception {
        long author = authors.createAuthor(ada(), null).getId();
        List<String> created = new ArrayList<>();
        long article = 0;
        for (String title : List.of("Note G", "Note A", "Note B")) {
            Article stored = create(title, author);
            created.add(stored.getTitle());
            article = stored.getId();
        }
        Map<String, Object> seen = new LinkedHashMap<>();
        seen.put("create", created);
        seen.put("read", read(article));
        seen.put("page", page(author));
        seen.put("patch absent", patch(article, new ArticleUpdate().title("Note B, revised")));
        seen.put("patch value", patch(article, new ArticleUpdate().summary("In short.")));
        seen.put("patch null", patch(article, new ArticleUpdate().summary(null)));
        seen.put("error 401", told(problem(() -> anonymous.createAuthor(ada(), null))));
        seen.put("error 422", refused(author));
        seen.put("error 404", told(problem(() -> articles.getArticle(999L, null))));
        seen.put("error 409", told(problem(() -> authors.deleteAuthor(author, "*", null))));
        seen.put("delete", delete(author));
        return seen;
    }

    private static AuthorCreate ada() {
        return new AuthorCreate().firstName("Ada").lastName("Lovelace");
    }

    private Article create(String title, long author) throws ApiException {
        ArticleCreate body = new ArticleCreate().title(title).summary("A note.").content("Step by step.");
        return articles.createArticle(body.authorId(author), null);
    }

    private List<Object> read(long id) throws ApiException {
        Article article = articles.getArticle(id, null);
        return List.of(article.getTitle(), article.getCreatedAt().getOffset() != null);
    }

    private List<String> page(long author) throws ApiException {
        List<String> titles = new ArrayList<>();
        String cursor = null;
        do {
            ArticlePage page = articles.listArticles(2, cursor, ArticleSort.TITLE, author, null);
            page.getItems().forEach(article -> titles.add(article.getTitle()));
            cursor = page.getNextCursor();
        } while (cursor != null);
        return titles;
    }

    private List<Object> patch(long id, ArticleUpdate changes) throws ApiException {
        Map<String, List<String>> headers = articles.getArticleWithHttpInfo(id, null).getHeaders();
        String etag = headers.get("etag").get(0);
        Article article = articles.updateArticle(id, etag, changes);
        return Arrays.asList(article.getTitle(), article.getSummary());
    }

    private List<Object> refused(long author) throws Exception {
        ArticleCreate body = new ArticleCreate().title("").content("…").authorId(author);
        Problem problem = problem(() -> articles.createArticle(body, null));
        return List.of(problem.getType(), problem.getStatus(), problem.getErrors().get(0).getPointer());
    }

    private List<Object> delete(long author) throws Exception {
        authors.deleteAuthor(author, "*", true);
        return told(problem(() -> authors.getAuthor(author, null)));
    }

    private interface Request {
        void send() throws ApiException;
    }

    /** Returns the problem that a request is answered with; the exception has it as text. */
    private Problem problem(Request request) throws JsonProcessingException {
        try {
            request.send();
        } catch (ApiException refused) {
            return mapper.readValue(refused.getResponseBody(), Problem.class);
        }
        throw new IllegalStateException("no problem");
    }

    private static List<Object> told(Problem problem) {
        return List.of(problem.getType(), problem.getStatus());
    }
}
