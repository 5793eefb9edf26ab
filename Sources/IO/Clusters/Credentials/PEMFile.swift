import FoundationEssentials
import KubeWire
import Text

/// Reads what kubeconfigs name by path.
enum PEMFile {
    /// The bytes of a file.
    ///
    /// - Errors: a sentence with the kubeconfig's key, the path and what is wrong with it.
    static func bytes(_ path: String, key: String) throws(CredentialFault) -> [UInt8] {
        do {
            return try [UInt8](Data(contentsOf: URL(filePath: path)))
        } catch {
            throw CredentialFault(
                message: "\(key) \(Sanitiser.line(path)) cannot be read: \(reason(error))",
                isConfiguration: true
            )
        }
    }

    /// PEM text, inline or from its file, checked for the block it must hold.
    static func bytes(
        _ source: PEMSource,
        key: String,
        label: String?
    ) throws(CredentialFault) -> [UInt8] {
        switch source {
        case .inline(let text):
            return Array(text.revealed.utf8)
        case .file(let path):
            let content = try bytes(path, key: key)
            if let label, !String(decoding: content, as: UTF8.self).contains("-----BEGIN \(label)-----") {
                throw CredentialFault(
                    message: "\(key) \(Sanitiser.line(path)) holds no PEM block \"\(label)\"",
                    isConfiguration: true
                )
            }
            return content
        }
    }

    /// What the system says, in few words.
    static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileReadNoSuchFile?, .fileNoSuchFile?: "there is no such file"
        case .fileReadNoPermission?: "permission denied"
        default: "it is no readable file"
        }
    }
}
