import Testing

@testable import FleetSimulator

struct VariableSubstitutionTests {
    private let substitution = VariableSubstitution(variables: [
        "a": "1", "name": "prod-eu", "empty": "", "yes": "true",
    ])

    @Test(arguments: [
        ("${name}", "prod-eu"), ("x-${name}-${a}", "x-prod-eu-1"), ("${missing:=eu}", "eu"),
        ("${empty:-none}", "none"), ("${missing}", ""), ("$${name}", "${name}"), ("$name", "$name"),
        ("$", "$"),
        ("${not a name}", "${not a name}"), ("${a", "${a"), ("${missing=x}${empty=x}", "x"),
    ])
    func `variables are filled into texts`(text: String, expected: String) {
        #expect(substitution.expand(text) == expected)
    }

    @Test func `what stands unquoted in YAML takes the type of its value`() {
        let object: JSON = ["spec": ["replicas": "${a}", "on": "${yes}", "name": "v${a}", "kept": "1"]]
        let result = substitution.applied(to: object)
        #expect(result["spec"] == ["replicas": 1, "on": true, "name": "v1", "kept": "1"])
    }

    @Test func `an object can opt out`() {
        let mark: JSON = ["kustomize.toolkit.fluxcd.io/substitute": "disabled"]
        let object: JSON = ["metadata": ["annotations": mark], "data": ["a": "${a}"]]
        #expect(substitution.applied(to: object) == object)
    }
}
