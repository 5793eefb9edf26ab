/// The version of this build, as in the changelog.
package enum Version {
    package static let current = "0.1.0"
}
