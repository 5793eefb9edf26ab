/// A version of an API group in Kubernetes' own order: stable before beta before alpha, then newest first.
///
/// - Source: apimachinery, `version.CompareKubeAwareVersionStrings`.
package struct APIVersion: Comparable, Hashable, Sendable, CustomStringConvertible {
    package let description: String
    private let major: Int
    /// 2 for stable, 1 for beta, 0 for alpha.
    private let stability: Int
    private let minor: Int

    /// Reads `v1`, `v2beta2` or `v1alpha1`; nil for anything else.
    package init?(_ text: String) {
        guard text.hasPrefix("v") else {
            return nil
        }
        let digits = text.dropFirst().prefix { $0.isASCII && $0.isNumber }
        guard let major = Int(digits), digits.first != "0" else {
            return nil
        }
        let rest = text.dropFirst(1 + digits.count)
        self.major = major
        description = text
        if rest.isEmpty {
            (stability, minor) = (2, 0)
            return
        }
        for (name, stability) in [("beta", 1), ("alpha", 0)] where rest.hasPrefix(name) {
            guard let minor = Int(rest.dropFirst(name.count)), minor > 0 else {
                return nil
            }
            self.stability = stability
            self.minor = minor
            return
        }
        return nil
    }

    package static func < (left: APIVersion, right: APIVersion) -> Bool {
        (left.stability, left.major, left.minor) < (right.stability, right.major, right.minor)
    }
}
