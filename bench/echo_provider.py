"""`pulumi-resource-echo`: keeps what it is given. On the service that the local providers stand on, so that only their work differs."""

from localcloud.provider.interface import Change, Checked, Difference, Provider, Target
from localcloud.provider.service import serve
from localcloud.provider.values import Properties


class Echo(Provider):
    """Every object is its inputs. What another provider had added to them in the state, such as a name, counts as asked for."""

    version = "1.0.0"

    def configure(self, arguments: Properties) -> None:
        pass

    def check(self, target: Target, old_inputs: Properties, new_inputs: Properties, seed: bytes) -> Checked:
        return Checked(new_inputs)

    def diff(self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties) -> Difference:
        return Difference(tuple(Change(key, "update") for key in sorted(new_inputs) if old_inputs.get(key) != new_inputs[key]))

    def create(self, target: Target, inputs: Properties, *, preview: bool) -> tuple[str, Properties]:
        return target.name, inputs

    def read(self, target: Target, id: str, state: Properties, inputs: Properties) -> tuple[Properties, Properties] | None:
        return state, inputs

    def update(
        self, target: Target, id: str, state: Properties, old_inputs: Properties, new_inputs: Properties, *, preview: bool
    ) -> Properties:
        return new_inputs

    def delete(self, target: Target, id: str, state: Properties) -> None:
        pass


if __name__ == "__main__":
    serve(Echo())
