using Mono.Cecil;
using Mono.Cecil.Cil;

namespace PersonalizationPlatform.Tests.Architecture;

/// <summary>Every type that a type mentions anywhere: signatures, attributes, generic arguments and constraints, method bodies.</summary>
internal sealed class References
{
    private readonly Dictionary<string, TypeReference> seen = [];

    public IEnumerable<TypeReference> Of(TypeDefinition type)
    {
        Add(type.BaseType);
        foreach (var implemented in type.Interfaces)
            Add(implemented.InterfaceType);
        Add(type.CustomAttributes);
        Add(type.GenericParameters);
        foreach (var field in type.Fields)
        {
            Add(field.FieldType);
            Add(field.CustomAttributes);
        }

        foreach (var property in type.Properties)
            Add(property.CustomAttributes);
        foreach (var method in type.Methods)
            Add(method);
        return seen.Values;
    }

    private void Add(MethodDefinition method)
    {
        Add(method.ReturnType);
        Add(method.CustomAttributes);
        Add(method.GenericParameters);
        foreach (var parameter in method.Parameters)
        {
            Add(parameter.ParameterType);
            Add(parameter.CustomAttributes);
        }

        if (!method.HasBody)
            return;
        foreach (var variable in method.Body.Variables)
            Add(variable.VariableType);
        foreach (var handler in method.Body.ExceptionHandlers)
            Add(handler.CatchType);
        foreach (var instruction in method.Body.Instructions)
            Add(instruction);
    }

    private void Add(Instruction instruction)
    {
        switch (instruction.Operand)
        {
            case TypeReference type:
                Add(type);
                break;
            case FieldReference field:
                Add(field.DeclaringType);
                Add(field.FieldType);
                break;
            case MethodReference method:
                Add(method.DeclaringType);
                Add(method.ReturnType);
                foreach (var parameter in method.Parameters)
                    Add(parameter.ParameterType);
                foreach (var argument in (method as GenericInstanceMethod)?.GenericArguments ?? [])
                    Add(argument);
                break;
        }
    }

    private void Add(IEnumerable<GenericParameter> parameters)
    {
        foreach (var constraint in parameters.SelectMany(parameter => parameter.Constraints))
            Add(constraint.ConstraintType);
    }

    private void Add(IEnumerable<CustomAttribute> attributes)
    {
        foreach (var attribute in attributes)
        {
            Add(attribute.AttributeType);
            foreach (var argument in attribute.ConstructorArguments.Concat(attribute.Properties.Select(property => property.Argument)))
                Add(argument);
        }
    }

    private void Add(CustomAttributeArgument argument)
    {
        Add(argument.Type);
        if (argument.Value is TypeReference type)
            Add(type);
        foreach (var element in argument.Value as CustomAttributeArgument[] ?? [])
            Add(element);
    }

    private void Add(TypeReference? type)
    {
        switch (type)
        {
            case null or GenericParameter:
                return;
            case GenericInstanceType generic:
                foreach (var argument in generic.GenericArguments)
                    Add(argument);
                Add(generic.ElementType);
                return;
            case TypeSpecification specification:
                Add(specification.ElementType);
                return;
            default:
                seen.TryAdd(type.FullName, type);
                return;
        }
    }
}
