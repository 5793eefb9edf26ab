extension FluxSchemas {
    /// The fields of the kinds of sources, by kind.
    static let sources = [
        "GitRepository": #"""
        spec:{ignore:s include:[{fromPath:s repository!:#name toPath:s}] interval!:#duration
        provider:s(generic|aws|azure|github) proxySecretRef:#name recurseSubmodules:b ref:{branch:s
        commit:s name:s semver:s tag:s} secretRef:#name serviceAccountName:s sparseCheckout:[s]
        suspend:b timeout:#timeout="60s" url!:s`^(http|https|ssh)://.*$`
        verify:{mode:s(head|HEAD|Tag|TagAndHEAD)="HEAD" secretRef!:#name}} status:{artifact:#artifact
        conditions:[#condition] includedArtifacts:[#artifact] lastHandledReconcileAt:s
        observedGeneration:i observedIgnore:s observedInclude:[{fromPath:s repository!:#name toPath:s}]
        observedRecurseSubmodules:b observedSparseCheckout:[s]
        sourceVerificationMode:s}={"observedGeneration":-1}
        """#,
        "OCIRepository": #"""
        spec:{certSecretRef:#name ignore:s insecure:b interval!:#duration layerSelector:{mediaType:s
        operation:s(extract|copy)} provider:s(generic|aws|azure|gcp)="generic" proxySecretRef:#name
        ref:{digest:s semver:s semverFilter:s tag:s} secretRef:#name serviceAccountName:s suspend:b
        timeout:#timeout="60s" url!:s`^oci://.*$` verify:{matchOIDCIdentity:[{issuer!:s subject!:s}]
        provider!:s(cosign|notation)="cosign" secretRef:#name trustedRootSecretRef:#name}}
        status:{artifact:#artifact conditions:[#condition] lastHandledReconcileAt:s observedGeneration:i
        observedIgnore:s observedLayerSelector:{mediaType:s operation:s(extract|copy)}
        url:s}={"observedGeneration":-1}
        """#,
        "Bucket": #"""
        spec:{bucketName!:s certSecretRef:#name endpoint!:s ignore:s insecure:b interval!:#duration
        prefix:s provider:s(generic|aws|gcp|azure)="generic" proxySecretRef:#name region:s
        secretRef:#name serviceAccountName:s sts:{certSecretRef:#name endpoint!:s`^(http|https)://.*$`
        provider!:s(aws|ldap) secretRef:#name} suspend:b timeout:#timeout="60s"}
        status:{artifact:#artifact conditions:[#condition] lastHandledReconcileAt:s observedGeneration:i
        observedIgnore:s url:s}={"observedGeneration":-1}
        """#,
        "HelmRepository": #"""
        spec:{accessFrom:{namespaceSelectors!:[{matchLabels:<s>}]} certSecretRef:#name insecure:b
        interval:#duration passCredentials:b provider:s(generic|aws|azure|gcp)="generic" secretRef:#name
        suspend:b timeout:#timeout type:s(default|oci) url!:s`^(http|https|oci)://.*$`}
        status:{artifact:#artifact conditions:[#condition] lastHandledReconcileAt:s observedGeneration:i
        url:s}={"observedGeneration":-1}
        """#,
        "HelmChart": #"""
        spec:{chart!:s ignoreMissingValuesFiles:b interval!:#duration
        reconcileStrategy:s(ChartVersion|Revision)="ChartVersion" sourceRef!:{apiVersion:s
        kind!:s(HelmRepository|GitRepository|Bucket) name!:s} suspend:b valuesFiles:[s]
        verify:{matchOIDCIdentity:[{issuer!:s subject!:s}] provider!:s(cosign|notation)="cosign"
        secretRef:#name} version:s="*"} status:{artifact:#artifact conditions:[#condition]
        lastHandledReconcileAt:s observedChartName:s observedGeneration:i
        observedSourceArtifactRevision:s observedValuesFiles:[s] url:s}={"observedGeneration":-1}
        """#,
        "ExternalArtifact": #"""
        spec:{sourceRef:{apiVersion:s kind!:s name!:s namespace:s}} status:{artifact:#artifact
        conditions:[#condition]}
        """#,
        "ArtifactGenerator": #"""
        spec:{artifacts!:[{copy!:[{exclude:[s] from!:s`^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$`
        strategy:s(Overwrite|Merge|Extract) to!:s`^@(artifact)/(.*)$`}] name!:s
        originRevision:s`^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$`
        revision:s`^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)$`}] commonMetadata:#labels
        pathPattern:s`^@([a-z0-9]([a-z0-9_-]*[a-z0-9])?)/(.*)$`
        sources!:[{alias!:s`^[a-z0-9]([a-z0-9_-]*[a-z0-9])?$`
        kind!:s(Bucket|GitRepository|OCIRepository|HelmChart|ExternalArtifact)
        name!:s`^[a-z0-9]([a-z0-9-]*[a-z0-9])?$` namespace:s`^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`}]}
        status:{conditions:[#condition] inventory:[{digest!:s filename!:s name!:s namespace!:s}]
        lastHandledReconcileAt:s observedSourcesDigest:s}
        """#,
    ]
}
