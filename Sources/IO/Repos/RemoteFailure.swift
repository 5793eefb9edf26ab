import CGit2
import Git

/// Tells what a failed call meant for the operator.
enum RemoteFailure {
    static func failure(_ error: GitCallError, url: String) -> GitFailure {
        let text = error.text
        let place = Redaction.clean(url)
        let lower = text.lowercased()
        if error.code == GIT_EAUTH.rawValue || lower.contains("status code: 401") {
            return GitFailure(.authentication, "\(place) refuses your credentials: \(text).")
        }
        if lower.contains("status code: 403") {
            return GitFailure(.authentication, "\(place) does not let you do this: \(text).")
        }
        if error.code == GIT_ECERTIFICATE.rawValue || error.category == Int32(GIT_ERROR_SSL.rawValue) {
            return GitFailure(
                .authentication,
                "\(place) shows a certificate that is not trusted, set http.sslCAInfo for a private authority: \(text)."
            )
        }
        if lower.contains("status code: 404") || lower.contains("not found") && error.isMissing {
            return GitFailure(.notFound, "\(place) has no such repository: \(text).")
        }
        let network = [GIT_ERROR_NET, GIT_ERROR_HTTP, GIT_ERROR_OS, GIT_ERROR_SSH].contains {
            Int32($0.rawValue) == error.category
        }
        if network || error.code == GIT_EEOF.rawValue {
            return GitFailure(.unreachable, "\(place) cannot be reached: \(text).")
        }
        return GitFailure(.other, "\(error.doing) did not work for \(place): \(text).")
    }
}
