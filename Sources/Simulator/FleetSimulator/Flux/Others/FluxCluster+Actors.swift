/// Programs beside Flux that own fields of what it applies: an autoscaler, and an injector of certificates.
extension FluxCluster {
    /// Seconds between two moves of an autoscaler, and two rounds of the injector.
    private static let autoscalerPeriod = 120.0
    private static let injectorPeriod = 60.0
    /// Rounds after which the injector has a new certificate.
    private static let rotation = 10

    /// Scales Deployments whose count Git leaves open, up and down, until the cluster ends.
    func autoscale() async {
        guard options.autoscaled > 0 else { return }
        while await rest(Self.autoscalerPeriod) {
            for key in autoscaled() {
                let wish = JSON.int(Int64.random(in: 2...9, using: &random))
                let write = WriteOptions(fieldManager: WorkloadStatus.manager, subresource: "scale")
                _ = try? store.scale(key, write) { scale in
                    var scale = scale
                    scale[path: "spec", "replicas"] = wish
                    return scale
                }
            }
        }
    }

    /// Writes the authority of their certificates into webhook configurations, as cert-manager's injector does.
    func injectCertificates() async {
        guard options.injectsCertificates else { return }
        var round = 0
        repeat {
            let bundle = JSON.string("bundle \(name) \(round / Self.rotation)")
            for type in [FluxKinds.mutatingWebhooks, FluxKinds.validatingWebhooks] {
                for object in (try? store.list(type))?.items ?? [] {
                    inject(bundle, into: ObjectKey(type, namespace: nil, name: object.name), object)
                }
            }
            round += 1
        } while await rest(Self.injectorPeriod)
    }

    private func inject(_ bundle: JSON, into key: ObjectKey, _ object: JSON) {
        let hooks = object["webhooks"]?.array ?? []
        guard hooks.contains(where: { $0[path: "clientConfig", "caBundle"] != bundle }) else { return }
        _ = try? store.update(key, manager: "cert-manager-cainjector") { stored in
            stored["webhooks"] = .array(
                (stored["webhooks"]?.array ?? []).map { hook in
                    var hook = hook
                    hook[path: "clientConfig", "caBundle"] = bundle
                    return hook
                }
            )
        }
    }

    /// The first Deployments of which neither an applier nor a person owns the count.
    private func autoscaled() -> [ObjectKey] {
        let items = (try? store.list(FluxKinds.deployment))?.items ?? []
        return items.filter { object in
            let entries = object[path: "metadata", "managedFields"]?.array ?? []
            return object.label("kustomize.toolkit.fluxcd.io/name") != nil
                && !entries.contains { entry in
                    entry["manager"]?.string != WorkloadStatus.manager
                        && entry[path: "fieldsV1", "f:spec", "f:replicas"] != nil
                }
        }
        .prefix(options.autoscaled)
        .map { ObjectKey(FluxKinds.deployment, namespace: $0.namespace, name: $0.name) }
    }

    /// Lets time between runs pass; false once the cluster ends.
    private func rest(_ seconds: Double) async -> Bool {
        let factor = options.intervalFactor ?? options.timeFactor
        return (try? await Task.sleep(for: .seconds(max(seconds * factor, 0.01)))) != nil
    }
}
