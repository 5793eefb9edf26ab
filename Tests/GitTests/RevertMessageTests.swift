import Chrono
import Git
import Testing

struct RevertMessageTests {
    private func commit(_ subject: String, parents: [String] = ["aaaa"]) -> Commit {
        Commit(
            id: "1234567890123456789012345678901234567890",
            parents: parents,
            author: "Ann",
            email: "ann@example.org",
            committed: Timestamp(seconds: 0),
            subject: subject
        )
    }

    @Test func `subject, reason and what is reverted`() {
        let text = RevertMessage.text(for: commit("api 1.9.0"), reason: "bad health check", mainline: nil)
        #expect(
            text == """
                Revert "api 1.9.0"

                bad health check

                This reverts commit 1234567890123456789012345678901234567890.
                """
        )
    }

    @Test func `no reason leaves no gap`() {
        let text = RevertMessage.text(for: commit("api 1.9.0"), reason: " \n", mainline: nil)
        #expect(
            text == "Revert \"api 1.9.0\"\n\nThis reverts commit 1234567890123456789012345678901234567890."
        )
    }

    @Test(arguments: [
        ("Revert \"a\"", "Reapply \"a\""),
        ("Reapply \"a\"", "Revert \"Reapply \"a\"\""),
        ("Revert \"Revert \"a\"\"", "Revert \"Revert \"Revert \"a\"\"\""),
        ("Revert something", "Revert \"Revert something\""),
    ])
    func `a revert of a revert is told as Git tells it`(_ old: String, _ new: String) {
        let first = RevertMessage.text(for: commit(old), reason: "", mainline: nil).split(separator: "\n")
            .first
        #expect(first.map(String.init) == new)
    }

    @Test func `a merge says which side it goes back to`() {
        let merge = commit("Merge branch x", parents: ["aaaa", "bbbb"])
        let text = RevertMessage.text(for: merge, reason: "", mainline: 1)
        #expect(text.hasSuffix("90, reversing\nchanges made to aaaa."))
    }

    @Test func `control characters in a reason do not reach the commit`() {
        let text = RevertMessage.text(for: commit("x"), reason: "a\u{1B}[31mb\u{202E}c", mainline: nil)
        #expect(!text.contains("\u{1B}"))
        #expect(!text.contains("\u{202E}"))
    }

    @Test(arguments: [
        ("image: a:1 # {\"$imagepolicy\": \"apps:web\"}", ["apps:web"]),
        (
            "x # {\"$imagepolicy\":\"apps:web:tag\"}\ny # {\"$imagepolicy\": \"infra:db:name\"}",
            ["apps:web", "infra:db"]
        ),
        ("\"$imagepolicy\": \"lonely\"", []),
        ("# $imagepolicy apps:web", []),
        ("{\"$imagepolicy\": \"unfinished:x", []),
        ("", []),
    ])
    func `image policy markers are found`(_ text: String, _ policies: [String]) {
        #expect(ImagePolicyMarkers.found(in: text) == Set(policies))
    }

    @Test(arguments: [
        ("./apps/prod/", "apps/prod"), ("/apps", "apps"), (".", ""), ("", ""), ("./", ""), ("a/../b", "b"),
        ("../../etc", "etc"), ("a//b", "a/b"),
    ])
    func `Flux paths come to one form`(_ path: String, _ expected: String) {
        #expect(TreePath.normalised(path) == expected)
    }
}
