import Git
import Kube
import Testing

/// What a source leaves out of its tree, by the rules of source-controller.
struct SourceRulesTests {
    private func kept(_ files: [String: String], _ exclusions: SourceExclusions = .repository(ignore: nil))
        -> [String]
    {
        TestTree(files).reader.artifact(exclusions).files(below: "", limit: 1_000)
            .filter { !$0.hasSuffix(".sourceignore") }.sorted()
    }

    /// Pattern, path, and whether it is left out.
    @Test(arguments: [
        ("*.md", "docs/a.md", true), ("*.md", "a.yaml", false), ("docs", "a/docs/b.yaml", true),
        ("docs/", "docs/b.yaml", true), ("docs/", "a/docs", false), ("/docs", "docs/a", true),
        ("/docs", "a/docs/b", false), ("/*", "a/b", true), ("a/b", "a/b/c", true), ("a/b", "x/a/b", false),
        ("**/b", "x/y/b", true), ("**/b", "b", true), ("a/**", "a/b/c", true), ("a/**/c", "a/b/d/c", true),
        ("a/**/c/", "a/b/c", false), ("a**b/c", "axb/c", false), ("/a/*.yaml", "a/b.yaml", true),
        ("/a/*.yaml", "a/b/c.yaml", false), ("a?c", "abc", true), ("[a-c]x", "bx", true),
        ("[^a-c]x", "bx", false),
        ("[a", "[a", false), ("[]a]", "a", false), ("\\#a", "#a", true), ("#a", "#a", false),
        ("a  ", "a", true),
        ("*a*b*c", "xaxbxc", true), ("*a*b*c", "xaxbx", false), ("ä?", "äö", true), ("/", "a", false),
        (String(repeating: "*a", count: 200) + "b", String(repeating: "a", count: 2_000), false),
    ])
    func `a pattern leaves out what it leaves out for Flux`(pattern: String, path: String, isOut: Bool) {
        #expect(kept([path: ""], .repository(ignore: pattern)).isEmpty == isOut)
        #expect(kept([path: "", ".sourceignore": "# rules\r\n\r\n\(pattern)\r\n"]).isEmpty == isOut)
    }

    @Test
    func `the last pattern that fits decides, deeper files after higher ones, and spec.ignore at the end`() {
        let files = [
            ".sourceignore": "/*\n!/deploy\n*.md", "readme.yaml": "", "deploy/a.yaml": "", "deploy/b.md": "",
            "deploy/sub/.sourceignore": "!keep.md\nsecret.yaml", "deploy/sub/keep.md": "",
            "deploy/sub/secret.yaml": "", "deploy/secret.yaml": "",
        ]
        #expect(kept(files) == ["deploy/a.yaml", "deploy/secret.yaml", "deploy/sub/keep.md"])
        let own = "!/readme.yaml\n/deploy/**/*.md"
        #expect(
            kept(files, .repository(ignore: own)) == ["deploy/a.yaml", "deploy/secret.yaml", "readme.yaml"]
        )
    }

    @Test func `what lies in an excluded directory can be taken back, unlike in Git`() {
        let ignore = "/*\n!/deploy/app"
        #expect(
            kept(["deploy/app/a.yaml": "", "deploy/b.yaml": ""], .repository(ignore: ignore))
                == ["deploy/app/a.yaml"]
        )
    }

    @Test func `Flux's defaults count where nobody says anything`() {
        let files = [
            ".github/a.yaml": "", "logo.png": "", "deep/cloudbuild.yaml": "", "deep/.sops.yaml": "",
            ".gitignore": "", "deep/.gitattributes": "", "a.yaml": "",
        ]
        #expect(kept(files) == ["a.yaml"])
        #expect(kept(files, .repository(ignore: "# nothing\n")) == ["a.yaml"])
        // One pattern anywhere replaces them, but for what is Git's own.
        let rest = [".github/a.yaml", "a.yaml", "deep/.sops.yaml", "deep/cloudbuild.yaml", "logo.png"]
        #expect(kept(files, .repository(ignore: "*.txt")) == rest)
        let more = files.merging(["deep/er/.sourceignore": "*.txt"]) { $1 }
        #expect(kept(more) == rest)
        #expect(kept(files, .packed).count == files.count)
    }

    @Test func `links are never taken along`() {
        let files = ["a.yaml": "", "link": "-> a.yaml", "out": "-> /etc"]
        #expect(kept(files) == ["a.yaml"])
        #expect(kept(files, .packed) == ["a.yaml"])
        #expect(TestTree(files).reader.artifact(.packed).entry("link") == nil)
    }
}
