// Karpenter's custom resource definitions, taken from its module; nothing of it is compiled.
module localcloud/karpenter

go 1.26

require sigs.k8s.io/karpenter v1.14.0
