module "leeway" {
  source = "../.."

  package = "leeway-aws-arm64.zip" # from make package-aws
  bucket  = "example-predictions"
  models  = { hotel-cancellation = {} }
}
