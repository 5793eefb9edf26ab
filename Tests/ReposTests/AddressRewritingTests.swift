import Testing

@testable import Repos

/// Addresses are made others as Git itself would make them.
struct AddressRewritingTests {
    private static let settings = [
        (name: "url.ssh://git@git.example/.insteadof", value: "https://git.example/"),
        (name: "url.ssh://git@git.example/team/.insteadof", value: "https://git.example/a/"),
        (name: "url.ssh://push@git.example/.pushinsteadof", value: "https://git.example/"),
    ]

    @Test(
        arguments: [
            ("https://git.example/b/c.git", "ssh://git@git.example/b/c.git"),
            ("https://git.example/a/c.git", "ssh://git@git.example/team/c.git"),
            ("https://other.example/c.git", nil),
        ]
    )
    func `the longest setting that fits counts`(url: String, expected: String?) {
        #expect(GitConfiguration.rewritten(url, by: Self.settings, "insteadof") == expected)
    }

    @Test func `settings for pushes are others`() {
        let found = GitConfiguration.rewritten(
            "https://git.example/c.git",
            by: Self.settings,
            "pushinsteadof"
        )
        #expect(found == "ssh://push@git.example/c.git")
    }
}
