import Kube
import Testing

struct IgnoreRuleTests {
    @Test(arguments: [
        ("api", "api", true), ("api", "apis", false), ("api", "my-api", false), (".*", "", true),
        ("api-.*", "api-7", true), ("api|web", "web", true), ("(api|web)-[0-9]+", "web-42", true),
        ("(api|web)-[0-9]+", "web-", false), ("a.c", "abc", true), (#"a\.c"#, "abc", false),
        ("a+b", "a+b", false),
        ("Deploy(ment)?", "Deployment", true), ("[^a-c]x", "dx", true), ("[^a-c]x", "ax", false),
        ("a{2,3}", "aaa", true), ("a{2,3}", "aaaa", false), ("a{2,}", "aaaaa", true),
        ("a{,2}", "a{,2}", true),
        ("^api$", "api", true), ("a$b", "ab", false), (#"\w+-\d"#, "x_y-1", true), ("(?:a|)b", "b", true),
        ("(?P<n>a)b*?", "abb", true), ("[]a]+", "a]", true), ("[a-]+", "a-a", true), ("", "x", true),
        ("API", "api", false), (#"\Aapi\z"#, "api", true), ("(a*)*", "aaa", true), ("(^a|b)*", "abb", true),
    ])
    func `an expression stands for whole names, as Flux anchors it`(
        pattern: String,
        name: String,
        isMatch: Bool
    ) {
        let rule = IgnoreRule(paths: [""], name: pattern)
        let entry = InventoryEntry(namespace: "a", name: name, group: "", kind: "ConfigMap", version: "v1")
        #expect(rule.problem == nil)
        #expect([rule].paths(of: entry, ObjectMarks()).isWhole == isMatch)
    }

    @Test(arguments: [
        ("(a", "name (a is no regular expression"), ("a)", "name a) is no regular expression"),
        ("*a", "name *a is no regular expression"), ("a**", "name a** is no regular expression"),
        ("[a", "name [a is no regular expression"), ("[z-a]", "name [z-a] is no regular expression"),
        ("a{3,2}", "name a{3,2} is no regular expression"),
        ("a{1001}", "name a{1001} is no regular expression"),
        ("(?i)api", "name (?i)api has (?i, which weir does not read"),
        (#"\bapi"#, #"name \bapi has \b, which weir does not read"#),
        (#"\pL"#, #"name \pL has \p, which weir does not read"#),
        ("[[:alpha:]]", "name [[:alpha:]] has [:, which weir does not read"),
        ("((a{1000}){1000}){1000}", "name ((a{1000}){1000}){1000} is longer than weir reads"),
        ("((){1000}){1000}", "name ((){1000}){1000} is longer than weir reads"),
    ])
    func `an expression that is not read lets nothing differ, and says why`(pattern: String, problem: String)
    {
        let rule = IgnoreRule(paths: [""], name: pattern)
        let entry = InventoryEntry(namespace: "a", name: pattern, group: "", kind: "ConfigMap", version: "v1")
        #expect(rule.problem == problem)
        #expect(![rule].paths(of: entry, ObjectMarks()).isWhole)
    }

    @Test(arguments: ["(a|a)*b", "(a*)*b", "(a+)+b", "(a|aa)+b", "(.*)*(.*)*b"])
    func `no expression takes longer than its text is long`(pattern: String) throws {
        // An engine that goes back would try more often than there are atoms.
        let expression = try LinearPattern(pattern)
        #expect(!expression.matches(String(repeating: "a", count: 253)))
        #expect(expression.matches(String(repeating: "a", count: 252) + "b"))
    }

    @Test func `an expression or a nest of brackets without end is refused`() {
        for pattern in [String(repeating: "a", count: 1_001), String(repeating: "(", count: 400)] {
            #expect(throws: LinearPattern.Refusal.tooLong) { try LinearPattern(pattern) }
        }
    }

    @Test(arguments: [
        ("team=x", true), ("team==x", true), ("team = x", true), ("team=y", false), ("team!=y", true),
        ("none!=y", true), ("none=y", false), ("team", true), ("!team", false), ("!none", true),
        ("team in (x, y)", true), ("team in (y)", false), ("team notin (y)", true), ("none notin (y)", true),
        ("team=x,n>2", true), ("team=x,n<2", false), ("example.com/a", true), ("empty=", true), ("", true),
    ])
    func `a selector holds as Kubernetes has it`(text: String, isMatch: Bool) throws {
        let selector = try #require(LabelSelector(text))
        #expect(selector.matches(["team": "x", "n": "3", "example.com/a": "b", "empty": ""]) == isMatch)
    }

    @Test(arguments: [
        "team=x=y", "=x", "team in x", "a b", "team,", "n>x", "team=x y", "a/b/c", "team in (x",
    ])
    func `a selector that Kubernetes would not take is none`(text: String) {
        #expect(LabelSelector(text) == nil)
    }
}
