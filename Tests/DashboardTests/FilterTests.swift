import Kube
import Testing

@testable import Dashboard

struct FilterTests {
    private let subject = FilterSubject(
        Sample.ref("prod-eu", .kustomization, "apps/Checkout"),
        kind: .kustomization,
        state: .failed,
        cluster: "prod-eu",
        texts: ["health check timed out, twice", "Größe"]
    )

    @Test(arguments: [
        ("", true), ("check", true), ("CHECK", true), ("cart", false), ("!cart", true), ("!check", false),
        ("kind:ks", true), ("kind:kustomization", true), ("kind:k", false), ("kind:hr,ks", true),
        ("ns:apps", true), ("ns:infra", false), ("!ns:infra", true), ("state:failed", true),
        ("state:fail", true),
        ("state:stalled,failed", true), ("state:ready", false), ("cluster:eu", true), ("cluster:us", false),
        ("name:checkout", true), ("name:apps", false), ("apps/check", true),
        ("check state:failed ns:apps", true), ("check state:ready", false),
        ("\"timed out\"", true), ("timed out", true), ("\"out timed\"", false), ("out,", true),
        ("größe", true), ("GRÖSSE", false), ("kind:", true), ("!", true), ("!kind:hr", true),
        ("http://x", false),
    ])
    func `terms must all hold`(text: String, expected: Bool) {
        #expect(Filter(text).matches(subject) == expected)
    }

    @Test func `a filter of nothing but spaces is none`() {
        #expect(Filter("   ").isEmpty)
        #expect(Filter("\"\"").isEmpty)
    }
}
