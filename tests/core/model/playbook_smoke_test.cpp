// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model/smoke.h"
#include "tests/core/model/read_playbook.h"

using namespace sluice;
using namespace sluice::test;

/// The `smoke:` block of a playbook.
class PlaybookSmokeTest : public QObject {
    Q_OBJECT

private slots:
    void aSuiteIsReadWhole()
    {
        const auto playbook = playbookOf(std::string(kSmall) + R"(smoke:
  longest: 2m
  at_once: 2
  secrets: {ops: 'env:OPS_TOKEN'}
  tests:
    - {id: api-health, category: api, timeout: 3s, http: {get: /api/health, json: {/version: '{version}'}}}
    - id: auth
      title: Somebody can log in
      critical: false
      fails_with: Nobody can log in
      http:
        - {post: /login, headers: {X-Ops: '{ops}'}, body: '{"user":"smoke"}', status: 201, keep: {token: /token}}
        - {get: /me, headers: {Authorization: 'Bearer {token}'}, contains: smoke}
    - {id: cache, redis: {address: '127.0.0.1:6379', password: '{ops}'}}
    - {id: port, tcp: '127.0.0.1:5432'}
    - {id: database, postgres: {server: host=127.0.0.1 dbname=shop, query: select count(*) from carts, is: 3}}
    - {id: script, command: [/opt/smoke, '{base}']}
)");
        QVERIFY(playbook);
        const SmokeSuite& suite = playbook->smoke;
        QCOMPARE(suite.longest, Duration(std::chrono::minutes(2)));
        QCOMPARE(suite.atOnce, 2);
        QCOMPARE(suite.secrets.at("ops"), std::string("OPS_TOKEN"));
        QCOMPARE(suite.tests.size(), size_t{6});
        QCOMPARE(suite.tests[0].title, std::string("Api-health"));
        QVERIFY(suite.tests[0].critical);
        const HttpCheck login{
            .steps = {{.method = "POST",
                       .url = "/login",
                       .headers = {{"X-Ops", "{ops}"}},
                       .body = R"({"user":"smoke"})",
                       .status = 201,
                       .keep = {{"token", "/token"}}},
                      {.url = "/me", .headers = {{"Authorization", "Bearer {token}"}}, .contains = "smoke"}}};
        QCOMPARE(std::get<HttpCheck>(suite.tests[1].check), login);
        QCOMPARE(std::get<RedisCheck>(suite.tests[2].check).password, std::string("{ops}"));
        QCOMPARE(std::get<PostgresCheck>(suite.tests[4].check).is, std::optional<std::string>("3"));
    }

    void mistakesAreNamedWithWhatWouldBeRight_data()
    {
        QTest::addColumn<QByteArray>("block");
        QTest::addColumn<QByteArray>("problem");
        const auto row = [](const char* name, const char* block, const char* problem) {
            QTest::newRow(name) << QByteArray(block) << QByteArray(problem);
        };
        row("no check", "{tests: [{id: a}]}", "a test has one of http, tcp, redis, command, postgres");
        row("two checks", "{tests: [{id: a, tcp: 'h:1', redis: 'h:1'}]}",
            "a test has one of http, tcp, redis, command, postgres");
        row("no method", "{tests: [{id: a, http: {status: 200}}]}",
            "a request is one of get, post, put, delete: get: /api/health");
        row("an unknown name", "{tests: [{id: a, http: {get: '{bse}/health'}}]}",
            "nothing is called 'bse' here; there is base or version; did you mean 'base'?");
        row("a token of a later step", "{tests: [{id: a, http: [{get: '/{token}'}, {get: /, keep: {token: /t}}]}]}",
            "nothing is called 'token' here; there is base or version");
        row("a token of another test",
            "{tests: [{id: a, http: {get: /, keep: {token: /t}}}, {id: b, http: {get: '/{token}'}}]}",
            "nothing is called 'token' here; there is base or version");
        row("no pointer", "{tests: [{id: a, http: {get: /, json: {version: v1}}}]}",
            "'version' is no pointer; write it like /dependencies/redis");
        row("the same id twice", "{tests: [{id: a, tcp: 'h:1'}, {id: a, tcp: 'h:2'}]}", "another test is called 'a'");
        row("a secret written out", "{secrets: {ops: s3cret}, tests: [{id: a, tcp: 'h:1'}]}",
            "'ops': a secret is never written here; write it like key: env:VARIABLE");
        row("a password in the server", "{tests: [{id: a, postgres: {server: 'host=h password=x'}}]}",
            "a secret is never written here; write password: '{name}' of one of the suite's secrets");
        row("a password in an address", "{tests: [{id: a, postgres: {server: 'postgresql://u:x@h/db'}}]}",
            "a secret is never written here; write password: '{name}' of one of the suite's secrets");
        row("a wrong pointer", "{tests: [{id: a, http: {get: /, json: {/a~b: v1}}}]}",
            "'/a~b' is no pointer; write it like /dependencies/redis");
        row("a name that is taken", "{tests: [{id: a, http: {get: /, keep: {version: /v}}}]}",
            "'version' is taken already; choose another name");
        row("letters that are no name", "{tests: [{id: a, http: {get: '/{accessToken}'}}]}",
            "'accessToken' is not a name; use a-z, 0-9, '_', '-', '.', beginning with a letter or digit");
        row("an unknown name of a program", "{tests: [{id: a, command: [run, '{verison}']}]}",
            "nothing is called 'verison' here; there is base or version; did you mean 'version'?");
        row("no port", "{tests: [{id: a, tcp: localhost}]}", "'localhost' is no address; write HOST:PORT");
        row("no time", "{tests: [{id: a, timeout: 0s, tcp: 'h:1'}]}", "nothing answers in 0s");
        row("no program", "{tests: [{id: a, command: []}]}",
            "the list is empty; name at least one or leave the key out");
    }
    void mistakesAreNamedWithWhatWouldBeRight()
    {
        QFETCH(QByteArray, block);
        QFETCH(QByteArray, problem);
        const std::string said = problemsOf(std::string(kSmall) + "smoke: " + block.toStdString() + "\n");
        QVERIFY2(said.ends_with(": " + problem.toStdString() + "\n"), said.c_str());
        QVERIFY2(said.starts_with("p.yaml:11:"), said.c_str());
        QVERIFY(said.find("s3cret") == std::string::npos);
    }

    void whatJsonHasInBracesIsNoName()
    {
        using Names = std::vector<std::string_view>;
        QCOMPARE(namesIn(R"({"user": "{user}", "n": {"m": 1}})"), Names{"user"});
        QCOMPARE(namesIn("{base}/x/{version}{"), (Names{"base", "version"}));
        QCOMPARE(namesIn("{}"), Names{});
    }
};

QTEST_APPLESS_MAIN(PlaybookSmokeTest)
#include "playbook_smoke_test.moc"
