import CCurl

/// Owns one libcurl transfer and the memory that libcurl only borrows for it.
///
/// Remove it from its multi handle before letting go of it.
final class EasyHandle {
    /// Also the identity of the transfer in libcurl's messages.
    let pointer: UnsafeMutableRawPointer
    private let errorText: UnsafeMutablePointer<CChar>
    private var lists: [UnsafeMutablePointer<curl_slist>] = []

    /// The first option that libcurl did not take, and why.
    private(set) var refusal: CURLcode = CURLE_OK

    init() {
        CurlLibrary.start()
        guard let pointer = curl_easy_init() else { preconditionFailure("no memory for a transfer") }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        set(CURLOPT_ERRORBUFFER, pointer: errorText)
    }

    deinit {
        curl_easy_cleanup(pointer)
        for list in lists { curl_slist_free_all(list) }
        errorText.deallocate()
    }

    /// What libcurl said about the failure, if it said something; printable ASCII.
    var errorMessage: String {
        String(decoding: String(cString: errorText).utf8.filter { (0x20...0x7E).contains($0) }, as: UTF8.self)
    }

    func set(_ option: CURLoption, _ value: Int) {
        note(CCurl_easy_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: Bool) {
        note(CCurl_easy_set_long(pointer, option, value ? 1 : 0))
    }

    /// Nil restores what libcurl does when the option was never set.
    func set(_ option: CURLoption, _ value: String?) {
        note(CCurl_easy_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) {
        note(CCurl_easy_set_pointer(pointer, option, value))
    }

    /// Reports, with this context, that the server asks to go elsewhere.
    func reportGoaway(to context: UnsafeMutableRawPointer?) {
        note(CCurl_easy_report_goaway(pointer, context))
    }

    func set(_ option: CURLoption, blob bytes: [UInt8]) {
        bytes.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return note(CURLE_BAD_FUNCTION_ARGUMENT) }
            note(CCurl_easy_set_blob(pointer, option, start, bytes.count))
        }
    }

    func set(_ option: CURLoption, list lines: [String]) {
        var list: UnsafeMutablePointer<curl_slist>?
        for line in lines {
            guard let longer = curl_slist_append(list, line) else { return note(CURLE_OUT_OF_MEMORY) }
            list = longer
        }
        guard let list else { return }
        lists.append(list)
        note(CCurl_easy_set_pointer(pointer, option, list))
    }

    /// Sends these bytes as the body; makes the method POST until another is set.
    func setBody(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { note(CCurl_easy_set_body(pointer, $0.baseAddress, $0.count)) }
    }

    func number(_ info: CURLINFO) -> Int { CCurl_easy_long(pointer, info) }

    func string(_ info: CURLINFO) -> String {
        CCurl_easy_string(pointer, info).map { String(cString: $0) } ?? ""
    }

    /// One of libcurl's `…_TIME_T`: microseconds since the transfer began.
    func time(_ info: CURLINFO) -> Duration { .microseconds(CCurl_easy_offset(pointer, info)) }

    func byteCount(_ info: CURLINFO) -> Int { Int(CCurl_easy_offset(pointer, info)) }

    private func note(_ code: CURLcode) {
        if refusal == CURLE_OK { refusal = code }
    }
}
