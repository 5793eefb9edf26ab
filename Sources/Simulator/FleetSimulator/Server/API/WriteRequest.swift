import Foundation
import Synchronization

/// A write on its way to the store: what it is about, what it carries, and what the store remarks on it.
struct WriteRequest: Sendable {
    let request: APIRequest
    let address: ResourceAddress
    let type: ResourceType
    let wanted: Representation
    private let remarks = Remarks()

    init(_ request: APIRequest, _ address: ResourceAddress, _ type: ResourceType) throws(APIStatus) {
        guard let wanted = Representation(accept: request.header("Accept")) else {
            throw Representation.notAcceptable
        }
        self.request = request
        self.address = address
        self.type = type
        self.wanted = wanted
    }

    /// The object that the write is about.
    var key: ObjectKey {
        get throws(APIStatus) {
            guard let name = address.name else {
                throw type.builtIn ? .methodNotAllowed() : .badRequest("name must be provided")
            }
            return ObjectKey(type, namespace: address.objectNamespace, name: name)
        }
    }

    /// Who writes, and how, from the query and the User-Agent.
    func options(_ verb: WriteOptions.Verb) throws(APIStatus) -> WriteOptions {
        var options = try WriteOptions(
            query: request.query.items,
            verb: verb,
            userAgent: request.header("User-Agent"),
            subresource: address.subresource
        )
        options.warn = { [remarks] in remarks.add($0) }
        return options
    }

    /// Adds a sentence to those that the answer carries as warnings.
    func remark(_ text: String) {
        remarks.add(text)
    }

    /// The answer with a `Warning` header for each remark of the store.
    func answer(_ answer: APIAnswer) -> APIAnswer {
        var answer = answer
        for remark in remarks.all {
            let text = remark.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
            answer.headers.append(("Warning", "299 - \"\(text)\""))
        }
        return answer
    }

    // MARK: The body

    /// The object in the body, which must name its own kind.
    func object(_ options: WriteOptions) throws(APIStatus) -> JSON {
        switch request.contentType {
        case "application/json", "": break
        case "application/yaml": return try yamlObject
        case ProtobufBody.contentType where type.builtIn:
            guard let object = ProtobufBody.json(request.body) else { fallthrough }
            return object
        default:
            throw .unsupportedMediaType(accepted: ["application/json", "application/yaml"])
        }
        let object = try json(options)
        guard object["kind"]?.string?.isEmpty == false else {
            let text = String(decoding: request.body.prefix(2_048), as: UTF8.self)
            throw .badRequest(
                "the object provided is unrecognized (must be of type \(type.kind)): Object 'Kind' is missing in "
                    + "'\(text)' (\(text))"
            )
        }
        return object
    }

    /// The JSON of the body; keys written twice are remarked upon, or refused when the writer is strict.
    func json(_ options: WriteOptions, context: String = "") throws(APIStatus) -> JSON {
        var duplicates: [String] = []
        let value = try JSON.parse(request.body, duplicates: &duplicates, context: context)
        let sentences = duplicates.map { "duplicate field \"\($0)\"" }
        switch options.fieldValidation {
        case .ignore: break
        case .warn: sentences.forEach(remarks.add)
        case .strict:
            guard sentences.isEmpty else {
                throw .badRequest("strict decoding error: " + sentences.joined(separator: ", "))
            }
        }
        return value
    }

    /// The first document of the body; JSON is YAML too, and quicker to read as what it is.
    var yamlObject: JSON {
        get throws(APIStatus) {
            if request.body.first == UInt8(ascii: "{") { return try JSON(parsing: request.body) }
            do {
                let documents = try JSON.fromYAML(String(decoding: request.body, as: UTF8.self))
                return documents.first ?? .object([:])
            } catch {
                throw .badRequest("error decoding YAML: \(error)")
            }
        }
    }
}

/// Gathers what the store remarks while it works.
private final class Remarks: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }

    func add(_ text: String) {
        texts.withLock { $0.append(text) }
    }
}
