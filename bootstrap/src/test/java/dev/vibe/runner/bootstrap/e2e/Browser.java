package dev.vibe.runner.bootstrap.e2e;

import dev.vibe.runner.testkit.Requires;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriver;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The console in a headless Chromium. */
final class Browser implements AutoCloseable {
    private static final Path CHROMIUM = Path.of("/usr/bin/chromium");
    private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final ChromeDriver driver;

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Skips the calling test, or fails it where the group {@code browser} is required, unless Chromium is installed. */
    static void require() {
        Requires.that(
                "browser",
                Files.isExecutable(CHROMIUM) && Files.isExecutable(DRIVER),
                "no " + CHROMIUM + " and " + DRIVER + "; on Debian: apt-get install chromium chromium-driver");
    }

    /**
     * Opens a page.
     *
     * @param profile an empty directory
     */
    static Browser open(URI page, Path profile) {
        return open(page, profile, new ChromeOptions());
    }

    /**
     * Opens a page as a phone does: narrow, by touch.
     *
     * @param profile an empty directory
     */
    static Browser openOnAPhone(URI page, Path profile) {
        Map<String, Object> phone = Map.of("width", 390, "height", 844, "pixelRatio", 2.0, "touch", true);
        return open(
                page,
                profile,
                new ChromeOptions().setExperimentalOption("mobileEmulation", Map.of("deviceMetrics", phone)));
    }

    private static Browser open(URI page, Path profile, ChromeOptions options) {
        require();
        options.setBinary(CHROMIUM.toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox", // tests may run as root, where Chromium has none
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--window-size=1200,800",
                "--user-data-dir=" + profile);
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(DRIVER.toFile())
                .build();
        Browser browser = new Browser(new ChromeDriver(service, options));
        browser.driver.get(page.toString());
        return browser;
    }

    /** Clicks what an identifier names, when it can be. */
    void click(String id) {
        await("a click on " + id, () -> {
            driver.findElement(By.id(id)).click();
            return true;
        });
    }

    /** Clicks the first thing a CSS selector finds, when it can be. */
    void clickOn(String selector) {
        await("a click on " + selector, () -> {
            driver.findElement(By.cssSelector(selector)).click();
            return true;
        });
    }

    /** Types into what an identifier names. */
    void type(String id, CharSequence... keys) {
        await("typing into " + id, () -> {
            driver.findElement(By.id(id)).sendKeys(keys);
            return true;
        });
    }

    /** Presses a key anywhere in the page. */
    void press(CharSequence key) {
        driver.switchTo().activeElement().sendKeys(key);
    }

    /** Starts a session. */
    void startSession(String agent, String firstMessage) {

        click("new");
        choose(agent);
        type("first", lines(firstMessage));
        type("first", Keys.ENTER);
    }

    /** Says something in the open session. */
    void say(String words) {
        type("words", lines(words));
        type("words", Keys.ENTER);
    }

    /** Waits until the conversation holds these words. */
    void awaitTalk(String words) {
        await("\"" + words + "\" in the conversation:\n" + talk(), () -> talk().contains(words));
    }

    /** Waits until a line of the conversation is this. */
    void awaitLine(String line) {
        await("the line \"" + line + "\"", () -> talk().lines().anyMatch(line::equals));
    }

    /** Waits until a CSS selector finds so many. */
    void awaitCount(String selector, int count) {
        await(count + " of " + selector, () -> find(selector).size() == count);
    }

    /** What the agent waits for, as a reader sees it: the first, second, ... */
    String ask(int which) {
        return find(".ask").get(which).getText();
    }

    /** The conversation as a reader sees it. */
    String talk() {
        return driver.findElement(By.id("talk")).getText();
    }

    /** Waits until an element's text is this. */
    void awaitText(String id, String text) {
        await(
                id + " to be \"" + text + "\"",
                () -> driver.findElement(By.id(id)).getText().equals(text));
    }

    /** Waits until a CSS selector finds something. */
    void awaitElement(String selector) {
        await(selector, () -> !find(selector).isEmpty());
    }

    /** What a CSS selector finds now. */
    List<WebElement> find(String selector) {
        return driver.findElements(By.cssSelector(selector));
    }

    /** What a script returns. */
    Object run(String script) {
        return java.util.Objects.requireNonNullElse(driver.executeScript(script), "null");
    }

    /** Waits until an expression in the page is true. */
    void awaitTrue(String expression) {
        await(expression, () -> Boolean.TRUE.equals(driver.executeScript("return " + expression)));
    }

    /** Goes back in the history. */
    void back() {
        driver.navigate().back();
    }

    /** Loads the page anew. */
    void reload() {
        driver.navigate().refresh();
    }

    /** The address the browser shows. */
    String address() {
        return java.util.Objects.requireNonNullElse(driver.getCurrentUrl(), "");
    }

    /** Makes the window as narrow as a phone, or as wide as a desk's. */
    void resize(int width, int height) {
        driver.manage().window().setSize(new Dimension(width, height));
    }

    /** Writes what is seen as PNG. */
    void screenshot(Path file) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    private void choose(String agent) {
        awaitElement("#agent option");
        await("the agent " + agent, () -> {
            for (WebElement option : find("#agent option")) {
                if (option.getText().equals(agent)) {
                    option.click();
                    return true;
                }
            }
            return false;
        });
    }

    /** Line ends as Shift+Enter: Enter sends. */
    private static CharSequence lines(String text) {
        return text.replace("\n", Keys.chord(Keys.SHIFT, Keys.ENTER));
    }

    private interface Condition {
        boolean holds();
    }

    private void await(String what, Condition condition) {
        new WebDriverWait(driver, PATIENCE, Duration.ofMillis(50))
                .ignoring(WebDriverException.class)
                .withMessage(what)
                .until((WebDriver _) -> condition.holds());
    }

    @Override
    public void close() {
        driver.quit();
    }
}
